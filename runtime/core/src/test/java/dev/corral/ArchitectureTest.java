package dev.corral;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.corral.docs.Page;
import dev.corral.jdk.JdkInternal;
import dev.corral.master.Master;
import dev.corral.thread.Log;
import java.util.List;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CORE =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.corral");

    private static final int LARGEST_KNOT = 8;
    /** Packages that have a larger knot, by its size. None of them may grow, and no package may be added. */
    private static final Map<String, Integer> LARGEST_KNOTS =
            Map.of("", 15, "portable", 19, "port", 15);

    /** Classes that look up members of classes of programs and of Corral itself, not of the JDK. */
    private static final Set<String> OF_PROGRAMS = Set.of("EntryPoint", "Fields", "Interception", "JdkLoop",
            "LibraryLoading", "NativeLibraries", "RecordCodec");

    private static final Pattern CODE = Pattern.compile("`([\\w.]+)`");

    /** Which package may use which others, besides {@code dev.corral}: the table of the page that describes them. */
    private static final Map<String, Set<String>> ALLOWED = allowed();

    private static Map<String, Set<String>> allowed() {
        Map<String, Set<String>> allowed = new TreeMap<>();
        Page.of("runtime/core/README.md").table("# Corral core").forEach((name, cells) -> allowed.put(
                name.replace("`", ""), CODE.matcher(cells.getLast()).results().map(code -> code.group(1))
                        .collect(Collectors.toCollection(TreeSet::new))));
        return allowed;
    }

    @Test
    void shouldHaveScannedEnough() {
        assertTrue(CORE.size() > 120, "scanned " + CORE.size());
        assertEquals(ALLOWED.keySet(), CORE.stream().map(ArchitectureTest::subpackage).filter(name -> !name.isEmpty())
                .collect(Collectors.toSet()));
    }

    @Test
    void shouldKeepToTheTableOfPackages() {
        Map<String, Set<String>> used = new TreeMap<>();
        for (JavaClass type : CORE) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (target.getPackageName().startsWith("dev.corral.") && !subpackage(type).equals(subpackage(target))) {
                    used.computeIfAbsent(subpackage(type), _ -> new TreeSet<>()).add(subpackage(target));
                }
            }
        }
        used.remove("");
        ALLOWED.keySet().forEach(name -> used.putIfAbsent(name, Set.of()));
        assertEquals(ALLOWED, used);
    }

    @Test
    void shouldReachUpInOnePlaceOnly() {
        noClasses().that().resideInAPackage("dev.corral").and().doNotBelongToAnyOf(Implementation.class).should()
                .dependOnClassesThat(resideInAPackage("dev.corral..")
                        .and(resideOutsideOfPackages("dev.corral", "dev.corral.text")))
                .check(CORE);
        Set<String> used = new TreeSet<>();
        for (Dependency dependency : CORE.get(Implementation.class).getDirectDependenciesFromSelf()) {
            JavaClass target = dependency.getTargetClass().getBaseComponentType();
            if (target.getPackageName().startsWith("dev.corral.")) {
                used.add(subpackage(target));
            }
        }
        assertEquals(Set.of("balance", "isolate", "master", "program"), used);
    }

    /** Implementations belong below the API, so everything in it but the door is public. */
    @Test
    void shouldHoldNothingButTheApiAndItsDoor() {
        assertEquals(Set.of("Implementation", "package-info"), CORE.stream()
                .filter(type -> type.getPackageName().equals("dev.corral") && type.isTopLevelClass()
                        && !type.getModifiers().contains(JavaModifier.PUBLIC))
                .map(JavaClass::getSimpleName).collect(Collectors.toSet()));
    }

    @Test
    void shouldHaveNoCyclesBelowTheApi() {
        slices().matching("dev.corral.(**)").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void shouldKeepTheApiSmallAndFreeOfOthersTypes() {
        assertTrue(CORE.stream().filter(type -> type.getPackageName().equals("dev.corral") && type.isTopLevelClass()
                && type.getModifiers().contains(JavaModifier.PUBLIC)).count() <= 35);
        noClasses().that().resideInAPackage("dev.corral").should().dependOnClassesThat()
                .resideInAnyPackage("org.jctools..", "org.HdrHistogram..", "sun..", "jdk..", "com.sun..").check(CORE);
    }

    @Test
    void shouldUseTheStandardStreamsOnlyWhereTheyAreTheSubject() {
        Set<String> users = new TreeSet<>();
        for (JavaClass type : CORE) {
            type.getFieldAccessesFromSelf().stream()
                    .filter(access -> access.getTargetOwner().isEquivalentTo(System.class))
                    .forEach(_ -> users.add(type.getSimpleName()));
        }
        assertEquals(Set.of("PrefixedOutput", "JvmWide", "Dispatcher", "LogConfiguration"), users);
    }

    /** Whoever logs by itself may have to wait for the reader of a stream, or end with what a logger throws. */
    @Test
    void shouldLogThroughItsOwnLogOnly() {
        noClasses().that().doNotBelongToAnyOf(Log.class).should().callMethod(System.class, "getLogger", String.class)
                .orShould().callMethod(System.class, "getLogger", String.class, ResourceBundle.class).check(CORE);
        noClasses().that().resideOutsideOfPackage("dev.corral.redirect..").should().dependOnClassesThat()
                .haveFullyQualifiedName("java.util.logging.Logger").check(CORE);
    }

    /** Decisions take the time as an argument. */
    @Test
    void shouldReadNoClockInDecisions() {
        noClasses().that().resideInAPackage("dev.corral.supervision..").or()
                .resideInAPackage("dev.corral.rollout..").or().resideInAPackage("dev.corral.watchdog..").or()
                .haveSimpleName("Limits").or().haveSimpleName("Pressure").or()
                .haveSimpleNameEndingWith("Stillness").should().callMethod(System.class, "nanoTime").orShould()
                .callMethod(System.class, "currentTimeMillis").orShould().dependOnClassesThat()
                .areAssignableTo(Thread.class).check(CORE);
        noClasses().that().resideInAPackage("dev.corral.master..").and().doNotHaveSimpleName("Readiness").and()
                .doNotHaveFullyQualifiedName("dev.corral.master.MasterClock$1").should()
                .callMethod(System.class, "nanoTime").check(CORE);
    }

    @Test
    void shouldUseOnlyQueuesThatDoWithoutUnsafe() {
        classes().that().resideInAPackage("dev.corral..").should().onlyDependOnClassesThat(
                resideOutsideOfPackages("org.jctools..").or(resideInAPackage("org.jctools.queues.atomic..")))
                .check(CORE);
    }

    @Test
    void shouldMarkEveryPackageNullMarked() {
        for (String name : ALLOWED.keySet()) {
            assertTrue(CORE.getPackage("dev.corral." + name).isAnnotatedWith(NullMarked.class), name);
        }
        assertTrue(CORE.getPackage("dev.corral").isAnnotatedWith(NullMarked.class));
    }

    /** The classes below {@code Master} get what they need, and call nothing of the class that creates them. */
    @Test
    void shouldHoldTheMasterOnlyWhereItIsStarted() {
        Set<String> users = CORE.get(Master.class).getDirectDependenciesToSelf().stream()
                .map(dependency -> outermost(dependency.getOriginClass()).getSimpleName())
                .filter(name -> !name.equals("Master")).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of("FailurePathWarmUp", "Implementation", "StartSequence"), users);
    }

    /** All other classes take the members of the JDK that are not public from the table. */
    @Test
    void shouldLookUpMembersOfTheJdkInOnePlaceOnly() {
        Set<String> users = new TreeSet<>();
        for (JavaClass type : CORE) {
            if (Stream.concat(type.getMethodCallsFromSelf().stream(), type.getMethodReferencesFromSelf().stream())
                    .map(JavaAccess::getTarget).anyMatch(ArchitectureTest::opens)) {
                users.add(type.getSimpleName());
            }
        }
        users.removeAll(Set.of("JdkInternal", "JdkMember"));
        assertEquals(new TreeSet<>(OF_PROGRAMS), users);
    }

    private static boolean opens(AccessTarget target) {
        return Set.of("privateLookupIn", "setAccessible", "trySetAccessible").contains(target.getName());
    }

    /** A class that links a member that is gone fails. So such members are in the table, and are checked before. */
    @Test
    void shouldListEveryMemberOfTheJdkThatItLinks() {
        Set<String> linked = new TreeSet<>();
        for (JavaClass type : CORE) {
            type.getAccessesFromSelf().stream().map(JavaAccess::getTarget)
                    .filter(target -> isInternal(target.getOwner()))
                    .forEach(target -> linked.add(target.getOwner().getName() + "." + target.getName()));
            for (JavaClass each : type.getRawInterfaces()) {
                if (isInternal(each)) {
                    each.getMethods().stream().filter(method -> method.getModifiers().toString().contains("ABSTRACT"))
                            .map(JavaMethod::getName).forEach(name -> linked.add(each.getName() + "." + name));
                }
            }
        }
        assertTrue(linked.contains("sun.nio.ch.Net.POLLIN") && linked.contains("sun.nio.ch.SelChImpl.kill"),
                linked.toString());
        linked.removeAll(Stream.of(JdkInternal.values()).map(each -> each.owner() + "." + each.memberName())
                .collect(Collectors.toSet()));
        assertEquals(Set.of(), linked);
    }

    private static boolean isInternal(JavaClass type) {
        return type.getPackageName().startsWith("sun.nio.") || type.getPackageName().startsWith("jdk.internal.");
    }

    /**
     * A knot is a set of classes that all depend on each other, directly or not. Nested classes count as their
     * outermost class.
     */
    @Test
    void shouldHaveNoLargeKnotsInsideAPackage() {
        Map<String, Set<String>> tooLarge = new TreeMap<>();
        CORE.stream().collect(Collectors.groupingBy(ArchitectureTest::subpackage)).forEach((name, types) -> {
            Set<String> knot = largestKnot(types);
            if (knot.size() > LARGEST_KNOTS.getOrDefault(name, LARGEST_KNOT)) {
                tooLarge.put(name, knot);
            }
        });
        assertEquals(Map.of(), tooLarge);
    }

    private static Set<String> largestKnot(List<JavaClass> types) {
        Map<String, Set<String>> reached = new TreeMap<>();
        types.forEach(type -> reached.computeIfAbsent(outermost(type).getName(), _ -> new TreeSet<>())
                .addAll(usedInItsPackage(type)));
        boolean grows = true;
        while (grows) {
            grows = false;
            for (Set<String> some : reached.values()) {
                grows |= some.addAll(some.stream().flatMap(name -> reached.get(name).stream()).toList());
            }
        }
        Set<String> largest = Set.of();
        for (var from : reached.entrySet()) {
            Set<String> knot = from.getValue().stream().filter(to -> reached.get(to).contains(from.getKey()))
                    .collect(Collectors.toCollection(TreeSet::new));
            largest = knot.size() > largest.size() ? knot : largest;
        }
        return largest;
    }

    private static Set<String> usedInItsPackage(JavaClass type) {
        return type.getDirectDependenciesFromSelf().stream()
                .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                .filter(target -> target.getPackageName().equals(type.getPackageName()))
                .map(target -> outermost(target).getName()).filter(name -> !name.equals(outermost(type).getName()))
                .collect(Collectors.toSet());
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }

    private static String subpackage(JavaClass type) {
        String name = type.getPackageName();
        return name.equals("dev.corral") ? "" : name.substring("dev.corral.".length());
    }
}
