// An external extension for measuring: registers for the events in BENCH_EVENTS, waits for one after another, does
// nothing with them. With BENCH_TELEMETRY it subscribes to all telemetry over HTTP and throws it away.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT = 4243, BUFFER = 1 << 16 };

static char buffer[BUFFER];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

// Reads one message, of which only what fits is kept: returns the length of its head, 0 at the connection's end.
static int receive(int fd) {
    int length = 0;
    for (;;) {
        ssize_t n = read(fd, buffer + length, (size_t)(BUFFER - 1 - length));
        if (n <= 0) return 0;
        length += (int)n;
        buffer[length] = 0;
        char *end = strstr(buffer, "\r\n\r\n");
        if (!end) continue;
        int head = (int)(end - buffer) + 4;
        char *field = strcasestr(buffer, "content-length:");
        long rest = (field && field < end ? atol(field + 15) : 0) - (length - head);
        static char sink[BUFFER];
        while (rest > 0) {
            n = read(fd, sink, rest < (long)sizeof sink ? (size_t)rest : sizeof sink);
            if (n <= 0) return 0;
            rest -= n;
        }
        return head;
    }
}

static void swallow(int server) {
    static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    for (;;) {
        int fd = accept(server, 0, 0);
        if (fd < 0) fail("accept");
        while (receive(fd)) {
            if (write(fd, ok, sizeof ok - 1) < 0) break;
        }
        close(fd);
    }
}

static void listen_for_telemetry(void) {
    int one = 1, server = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(server, (struct sockaddr *)&address, sizeof address) || listen(server, 8)) fail("listen");
    if (fork() == 0) swallow(server);
    close(server);
}

static int api(void) {
    const char *where = getenv("AWS_LAMBDA_RUNTIME_API");
    char host[64];
    int port, one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    if (!where || sscanf(where, "%63[^:]:%d", host, &port) != 2) fail("AWS_LAMBDA_RUNTIME_API");
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1) fail(host);
    if (connect(fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static void call(int fd, const char *request, const char *header, const char *value, const char *body) {
    char out[2048];
    int n = snprintf(out, sizeof out, "%s HTTP/1.1\r\nHost: api\r\n%s: %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
        request, header, value, strlen(body), body);
    if (write(fd, out, (size_t)n) != n || !receive(fd)) fail(request);
    if (strncmp(buffer, "HTTP/1.1 200", 12)) {
        fprintf(stderr, "%s: %s\n", request, buffer);
        exit(1);
    }
}

int main(void) {
    const char *events = getenv("BENCH_EVENTS"), *telemetry = getenv("BENCH_TELEMETRY");
    char body[256], id[128];
    int fd = api();
    int invoke = events && strstr(events, "INVOKE");
    snprintf(body, sizeof body, "{\"events\":[%s\"SHUTDOWN\"]}", invoke ? "\"INVOKE\"," : "");
    call(fd, "POST /2020-01-01/extension/register", "Lambda-Extension-Name", "bench", body);
    char *field = strcasestr(buffer, "lambda-extension-identifier:");
    if (!field || sscanf(field + 28, " %127[^\r\n]", id) != 1) fail("no identifier");
    if (telemetry && *telemetry) {
        listen_for_telemetry();
        call(fd, "PUT /2022-07-01/telemetry", "Lambda-Extension-Identifier", id,
            "{\"schemaVersion\":\"2022-12-13\",\"types\":[\"platform\",\"function\",\"extension\"],"
            "\"buffering\":{\"maxItems\":10000,\"maxBytes\":1048576,\"timeoutMs\":100},"
            "\"destination\":{\"protocol\":\"HTTP\",\"URI\":\"http://sandbox.localdomain:4243\"}}");
    }
    do {
        call(fd, "GET /2020-01-01/extension/event/next", "Lambda-Extension-Identifier", id, "");
    } while (!strstr(buffer, "SHUTDOWN"));
    return 0;
}
