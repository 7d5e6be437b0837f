package dev.corral.portable;

import java.io.File;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.Currency;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The classes of the JDK whose objects cross by reference: immutable values that cannot hold an object of a program.
 * These are exact classes, because a program may have a subclass of {@code BigDecimal}. Enums of the JDK cross by
 * reference as well.
 */
final class References {
    private static final Set<Class<?>> CLASSES = Set.of(String.class, Boolean.class, Character.class, Byte.class,
            Short.class, Integer.class, Long.class, Float.class, Double.class, BigInteger.class, BigDecimal.class,
            MathContext.class, UUID.class, URI.class, Locale.class, Currency.class, Pattern.class, File.class,
            OptionalInt.class, OptionalLong.class, OptionalDouble.class, Instant.class, Duration.class, Period.class,
            LocalDate.class, LocalTime.class, LocalDateTime.class, ZonedDateTime.class, OffsetDateTime.class,
            OffsetTime.class, Year.class, YearMonth.class, MonthDay.class, ZoneOffset.class, Inet4Address.class,
            Inet6Address.class, InetSocketAddress.class);

    /** Classes that are not public, so that they cannot be named here. */
    private static final Set<Class<?>> NAMELESS = Stream.of(ZoneId.of("Europe/Paris"), java.nio.file.Path.of(""),
            Collections.emptyList(), Collections.emptySet(), Collections.emptyMap()).<Class<?>>map(Object::getClass)
            .filter(Types::areOfJdk).collect(Collectors.toUnmodifiableSet());

    private References() {}

    static boolean include(Class<?> type) {
        return CLASSES.contains(type) || NAMELESS.contains(type)
                || (Enum.class.isAssignableFrom(type) && Types.areOfJdk(type));
    }

    /** Whether every value of a field of this type crosses by reference, so that it need not be checked. */
    static boolean fill(Class<?> type) {
        return type.isPrimitive() || (Modifier.isFinal(type.getModifiers()) && include(type));
    }
}
