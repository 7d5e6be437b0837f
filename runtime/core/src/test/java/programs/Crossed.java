package programs;

/** Gets from one class loader to another, where another class has its name. */
public final class Crossed {}
