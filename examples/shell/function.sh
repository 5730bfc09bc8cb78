# Loaded once by the bootstrap; called with the event as its only argument. Standard output is the response.

handler() {
    printf '%s\n' "$1" >&2
    printf "Echoing request: '%s'" "$1"
}
