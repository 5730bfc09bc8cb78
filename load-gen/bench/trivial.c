// The smallest HTTP server that can stand behind a proxy: answers every request with its own body.
// Usage: trivial PORT. One thread, epoll, keep-alive; requests must carry Content-Length.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_FD = 4096, BUFFER = 65536 };

static char *buffers[MAX_FD];
static int lengths[MAX_FD];

static void drop(int fd) {
    lengths[fd] = 0;
    close(fd);
}

// Answers every complete request in the connection's buffer; keeps the rest.
static void answer(int fd) {
    char *buffer = buffers[fd];
    for (;;) {
        buffer[lengths[fd]] = 0;
        char *end = strstr(buffer, "\r\n\r\n");
        if (!end) return;
        char *field = strcasestr(buffer, "content-length:");
        int body = field && field < end ? atoi(field + 15) : 0;
        int head = (int)(end - buffer) + 4;
        if (lengths[fd] < head + body) return;
        char out[BUFFER + 256];
        int n = sprintf(out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", body);
        memcpy(out + n, buffer + head, (size_t)body);
        if (write(fd, out, (size_t)(n + body)) != n + body) return drop(fd);
        lengths[fd] -= head + body;
        memmove(buffer, buffer + head + body, (size_t)lengths[fd]);
        if (!lengths[fd]) return;
    }
}

int main(int argc, char **argv) {
    if (argc != 2) return fprintf(stderr, "usage: trivial PORT\n"), 2;
    int one = 1, server = socket(AF_INET, SOCK_STREAM, 0), poll = epoll_create1(0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(server, (struct sockaddr *)&address, sizeof address) || listen(server, 256)) return perror("bind"), 1;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = server}, events[64];
    epoll_ctl(poll, EPOLL_CTL_ADD, server, &event);
    for (;;) {
        int ready = epoll_wait(poll, events, 64, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == server) {
                int client = accept(server, 0, 0);
                if (client < 0 || client >= MAX_FD) continue;
                setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                if (!buffers[client]) buffers[client] = malloc(BUFFER + 1);
                event.data.fd = client;
                epoll_ctl(poll, EPOLL_CTL_ADD, client, &event);
                continue;
            }
            ssize_t n = read(fd, buffers[fd] + lengths[fd], (size_t)(BUFFER - lengths[fd]));
            if (n <= 0) {
                drop(fd);
            } else {
                lengths[fd] += (int)n;
                answer(fd);
            }
        }
    }
}
