package dev.corral.bench.compare;

import java.util.List;

/**
 * A column of a row's table: one number for each round.
 *
 * @param name as the page calls it
 * @param isTotal whether rounds add up, as errors do; else their median is shown
 * @param targets what Corral is to reach
 */
record Figure(String name, Unit unit, boolean isTotal, List<Target> targets) {
    Figure(String name, Unit unit, Target... targets) {
        this(name, unit, false, List.of(targets));
    }

    static Figure total(String name, Target... targets) {
        return new Figure(name, Unit.COUNT, true, List.of(targets));
    }
}
