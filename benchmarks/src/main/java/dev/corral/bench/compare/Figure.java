package dev.corral.bench.compare;

import java.util.List;

/**
 * A column of a row's table, with one number for each round.
 *
 * @param name its name on the page
 * @param isTotal whether rounds are added up, as for errors; otherwise their median is shown
 * @param targets what Corral must reach
 */
record Figure(String name, Unit unit, boolean isTotal, List<Target> targets) {
    Figure(String name, Unit unit, Target... targets) {
        this(name, unit, false, List.of(targets));
    }

    static Figure total(String name, Target... targets) {
        return new Figure(name, Unit.COUNT, true, List.of(targets));
    }
}
