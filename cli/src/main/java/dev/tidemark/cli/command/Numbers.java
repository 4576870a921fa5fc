package dev.tidemark.cli.command;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Whole numbers that options take. Any other text is refused, with the range in the message. */
final class Numbers {

    private Numbers() {}

    /** 0 to 100. */
    static final class Percentage implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return parsed(text, 100, "percentage: write 0 to 100");
        }
    }

    /** 0 to 65535. */
    static final class Port implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return parsed(text, 65_535, "port: write 0 to 65535");
        }
    }

    /** How many of something. */
    static final class Count implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return parsed(text, Integer.MAX_VALUE, "number: write 0 or more, 2147483647 at most");
        }
    }

    private static int parsed(String text, int most, String what) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is no " + what);
        }
        throw new TypeConversionException("'" + text + "' is no " + what);
    }
}
