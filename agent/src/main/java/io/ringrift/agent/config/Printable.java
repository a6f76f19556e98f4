package io.ringrift.agent.config;

/** Makes a stranger's text safe to print: one line, of bounded length, without characters that hide others. */
final class Printable {
    private static final int LONGEST = 200;

    private Printable() {}

    static String of(String text) {
        StringBuilder printable = new StringBuilder();
        for (int i = 0; i < text.length() && printable.length() < LONGEST; i++) {
            char c = text.charAt(i);
            if (isVisible(c)) {
                printable.append(c);
            } else {
                printable.append("\\u%04x".formatted((int) c));
            }
        }
        return text.length() > LONGEST
                ? printable + "... (%d characters)".formatted(text.length())
                : printable.toString();
    }

    private static boolean isVisible(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
