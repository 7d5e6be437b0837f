package dev.corral.bench.compare.report;

import java.util.List;

/**
 * A column of a row's table, with one number for each round.
 *
 * @param name its name on the page
 * @param isTotal whether rounds are added up, as for errors; otherwise their median is shown
 * @param targets what Corral must reach
 */
public record Figure(String name, Unit unit, boolean isTotal, List<Target> targets) {
    public Figure(String name, Unit unit, Target... targets) {
        this(name, unit, false, List.of(targets));
    }

    public static Figure total(String name, Target... targets) {
        return new Figure(name, Unit.COUNT, true, List.of(targets));
    }
}
