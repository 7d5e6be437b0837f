package dev.corral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Every public element of the API has a comment. (That what stands in it is right, the compiler checks; its own check
 * for absent comments would ask for a tag for each parameter as well, and gets filler.)
 */
class ApiDocsTest {
    private static final Path API = Path.of("src/main/java/dev/corral");

    @Test
    void shouldDocumentEveryPublicElement() throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (Stream<Path> files = Files.list(API); var manager = compiler.getStandardFileManager(null, null, null)) {
            List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
            var task = (JavacTask) compiler.getTask(null, manager, null, null, null,
                    manager.getJavaFileObjectsFromPaths(sources));
            var scanner = new Scanner(DocTrees.instance(task));
            for (CompilationUnitTree unit : task.parse()) {
                scanner.scan(unit, null);
            }
            assertTrue(scanner.seen > 150, "looked at " + scanner.seen);
            assertEquals(List.of(), scanner.undocumented);
        }
    }

    private static final class Scanner extends TreePathScanner<Void, Void> {
        private final DocTrees docs;
        private final List<String> undocumented = new ArrayList<>();
        private int seen;

        Scanner(DocTrees docs) {
            this.docs = docs;
        }

        @Override
        public Void visitClass(ClassTree type, Void unused) {
            if (isPublic(type.getModifiers())) {
                check(type.getSimpleName().toString());
                super.visitClass(type, unused);
            }
            return null;
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            boolean inherits = method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
            if (isPublic(method.getModifiers()) && !inherits) {
                check(method.getName().toString());
            }
            return null;
        }

        @Override
        public Void visitVariable(VariableTree field, Void unused) {
            boolean isMember = getCurrentPath().getParentPath().getLeaf() instanceof ClassTree;
            if (isMember && isPublic(field.getModifiers())) {
                check(field.getName().toString());
            }
            return null;
        }

        /** A member of an interface is public although it does not say so. */
        private boolean isPublic(ModifiersTree modifiers) {
            TreePath parent = getCurrentPath().getParentPath();
            boolean inInterface = parent.getLeaf().getKind() == Tree.Kind.INTERFACE;
            return modifiers.getFlags().contains(Modifier.PUBLIC)
                    || (inInterface && !modifiers.getFlags().contains(Modifier.PRIVATE));
        }

        private void check(String name) {
            seen++;
            if (docs.getDocCommentTree(getCurrentPath()) == null) {
                undocumented.add(getCurrentPath().getCompilationUnit().getSourceFile().getName() + ": " + name);
            }
        }
    }
}
