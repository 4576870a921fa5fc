package dev.tidemark.service.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A query of Prometheus, as far as it names metrics and labels.
 *
 * @param selectors the metrics that it reads
 * @param grouped the labels that it aggregates or joins by
 */
record Expression(List<Selector> selectors, Set<String> grouped) {

    private static final Pattern TOKEN = Pattern.compile("\"[^\"]*\"|\\[[^\\]]*]|[A-Za-z_:][\\w:]*|\\{[^}]*}|\\(|\\S");
    private static final Pattern CONDITION = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_:][\\w:]*");
    private static final Set<String> LISTS = Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool", "offset");

    /** @param conditions on its labels */
    record Selector(String metric, List<Condition> conditions) {}

    /** @param operator one of {@code = != =~ !~} */
    record Condition(String label, String operator, String value) {

        /** Whether a value of the label is one that the condition lets pass, or keeps out. */
        boolean speaksOf(String actual) {
            return operator.endsWith("~") ? actual.matches(value) : actual.equals(value);
        }
    }

    static Expression of(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            tokens.add(token.group());
        }
        List<Selector> selectors = new ArrayList<>();
        Set<String> grouped = new TreeSet<>();
        for (int i = 0; i < tokens.size(); i++) {
            String word = tokens.get(i);
            String next = i + 1 < tokens.size() ? tokens.get(i + 1) : "";
            if (LISTS.contains(word) && next.equals("(")) {
                for (i += 2; !tokens.get(i).equals(")"); i++) {
                    if (NAME.matcher(tokens.get(i)).matches()) {
                        grouped.add(tokens.get(i));
                    }
                }
            } else if (NAME.matcher(word).matches()
                    && !LISTS.contains(word)
                    && !OPERATORS.contains(word)
                    && !next.equals("(")
                    && !LISTS.contains(next)) {
                selectors.add(new Selector(word, next.startsWith("{") ? conditions(next) : List.of()));
            }
        }
        return new Expression(selectors, grouped);
    }

    private static List<Condition> conditions(String braces) {
        return CONDITION
                .matcher(braces)
                .results()
                .map(found -> new Condition(found.group(1), found.group(2), found.group(3)))
                .toList();
    }
}
