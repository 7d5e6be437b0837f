package dev.corral.cli;

import dev.corral.Balancer;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts the short name of a balancer. */
final class Balancers implements ITypeConverter<Supplier<Balancer>>, Iterable<String> {
    private static final Map<String, Supplier<Balancer>> BY_NAME = new TreeMap<>(Map.of("rr", Balancer::roundRobin,
            "weighted", Balancer::weighted, "least", Balancer::leastConnections, "hash", Balancer::clientHash));

    @Override
    public Supplier<Balancer> convert(String text) {
        Supplier<Balancer> balancer = BY_NAME.get(text);
        if (balancer == null) {
            throw new TypeConversionException(
                    "'" + text + "' is not a balancer; it must be one of " + String.join(", ", BY_NAME.keySet()));
        }
        return balancer;
    }

    @Override
    public Iterator<String> iterator() {
        return BY_NAME.keySet().iterator();
    }
}
