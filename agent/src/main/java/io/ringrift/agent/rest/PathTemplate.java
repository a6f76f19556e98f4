package io.ringrift.agent.rest;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Path templates as OpenAPI writes them, {@code /work/{id}/start}. */
final class PathTemplate {
    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");

    private PathTemplate() {}

    static Set<String> variables(String template) {
        Set<String> names = new LinkedHashSet<>();
        VARIABLE.matcher(template).results().forEach(match -> names.add(match.group(1)));
        return names;
    }

    /** The regular expression, with named groups, that Vert.x matches with. A key may hold slashes; every other variable is one segment. */
    static String regex(String template) {
        StringBuilder regex = new StringBuilder();
        Matcher matcher = VARIABLE.matcher(template);
        int from = 0;
        while (matcher.find()) {
            String name = matcher.group(1);
            regex.append(Pattern.quote(template.substring(from, matcher.start())))
                    .append("(?<")
                    .append(name)
                    .append(name.equals("key") ? ">.+)" : ">[^/]+)");
            from = matcher.end();
        }
        return regex.append(Pattern.quote(template.substring(from))).toString();
    }
}
