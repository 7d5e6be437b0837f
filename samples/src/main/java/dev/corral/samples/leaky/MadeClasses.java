package dev.corral.samples.leaky;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** Classes that are generated at run time in a class loader of their own. They take memory in the metaspace. */
final class MadeClasses {
    private static final String PACKAGE = "made.";
    private static final int METHODS = 20;
    private static final MethodTypeDesc INT_TO_INT =
            MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int);

    private final Class<?>[] classes;

    MadeClasses(int count) {
        var loader = new Loader(MadeClasses.class.getClassLoader());
        classes = new Class<?>[count];
        try {
            for (int i = 0; i < count; i++) {
                classes[i] = Class.forName(PACKAGE + "Class" + i, true, loader);
            }
        } catch (ClassNotFoundException e) {
            throw new AssertionError("the loader makes whatever it is asked for", e);
        }
    }

    int count() {
        return classes.length;
    }

    /** Generates each class of its package when it is requested. */
    private static final class Loader extends ClassLoader {
        Loader(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (!name.startsWith(PACKAGE)) {
                throw new ClassNotFoundException(name);
            }
            byte[] code = ClassFile.of().build(ClassDesc.of(name), type -> {
                for (int i = 0; i < METHODS; i++) {
                    int summand = i;
                    type.withMethodBody("add" + i, INT_TO_INT, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                            method -> method.iload(0).loadConstant(summand).iadd().ireturn());
                }
            });
            return defineClass(name, code, 0, code.length);
        }
    }
}
