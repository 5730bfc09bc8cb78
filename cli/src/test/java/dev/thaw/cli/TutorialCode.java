package dev.thaw.cli;

import java.util.Map;

/** Functions as the documents' tutorials write them, in words of our own: a runtime in the shell, and Python handlers. */
final class TutorialCode {
    /** Sources the handler's script, then asks, calls and answers for ever. */
    static final String BOOTSTRAP = """
            #!/bin/sh
            set -euo pipefail
            api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
            source "$LAMBDA_TASK_ROOT/${_HANDLER%%.*}.sh"
            head=$(mktemp)
            while true; do
                event=$(curl -sS -D "$head" "$api/next")
                id=$(tr -d '\\r' <"$head" | sed -n 's/^lambda-runtime-aws-request-id: //Ip')
                answer=$("${_HANDLER#*.}" "$event")
                curl -sS "$api/$id/response" -d "$answer" >/dev/null
            done
            """;

    /** Says what it was asked. */
    static final String ECHO = """
            handler() {
                echo "$1" >&2
                echo "Echoing request: '$1'"
            }
            """;

    /** Says its version and two of its variables. */
    static final String VERSION = """
            handler() {
                echo "{\\"version\\":\\"$AWS_LAMBDA_FUNCTION_VERSION\\",\\"bucket\\":\\"${BUCKET:-}\\",\\"key\\":\\"${KEY:-}\\"}"
            }
            """;

    /** SHA-256 of the event, in hexadecimal. */
    static final String HASH = """
            hash() {
                printf '"%s"' "$(printf %s "$1" | sha256sum | cut -d ' ' -f 1)"
            }
            """;

    private TutorialCode() {}

    /** Runtime and handler in one package. */
    static Map<String, String> whole(String handler) {
        return Map.of("bootstrap", BOOTSTRAP, "function.sh", handler);
    }
}
