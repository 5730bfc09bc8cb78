#include "machine.h"
#include "text.h"

enum { LIST_BYTES = 4096, COMMAND_LINE_BYTES = 4096 };

static char command_line[COMMAND_LINE_BYTES];
static bool is_firecracker;

static bool is_name_character(char a, char b) {
    return a == b || (a == '-' && b == '_') || (a == '_' && b == '-');
}

/* Behind "module." where the word is a parameter of the module that the path names. */
static const char *parameter_of(const char *word, const char *path) {
    const char *name = path;
    for (const char *at = path; *at != 0; at++) {
        name = *at == '/' ? at + 1 : name;
    }
    while (*name != 0 && !text_same(name, ".ko") && is_name_character(*word, *name)) {
        word++;
        name++;
    }
    return text_same(name, ".ko") && *word == '.' ? word + 1 : NULL;
}

/* Adds the command line's parameters of a module, as the kernel does itself for drivers that are built in. */
static void add_parameters(line *to, const char *path) {
    const char *at = command_line;
    while (*at != 0) {
        const char *parameter = parameter_of(at, path);
        if (parameter != NULL) {
            line_add(to, " ");
        }
        for (; *at != 0 && *at != ' '; at++) {
            if (parameter != NULL && at >= parameter) {
                char one[2] = {*at, 0};
                line_add(to, one);
            }
        }
        at += *at == ' ' ? 1 : 0;
    }
}

/* A line is a path, and parameters behind it. */
static void load(char *entry) {
    line parameters;
    char *space = entry;
    while (*space != 0 && *space != ' ') {
        space++;
    }
    line_start(&parameters, *space == 0 ? "" : space + 1);
    *space = 0;
    add_parameters(&parameters, entry);
    int fd = (int) sys_open(entry, O_RDONLY, 0);
    long result = fd < 0 ? fd : call3(SYS_finit_module, fd, (long) parameters.text, 0);
    sys_close(fd);
    if (result < 0 && result != -EEXIST) {
        line told;
        line_add(line_add(line_start(&told, "thaw-init: cannot load "), entry), ": errno ");
        line_add(line_number(&told, (uint64_t) -result), "\n");
        sys_write(2, told.text, told.length);
    }
}

static bool command_line_has(const char *word) {
    for (const char *at = command_line; *at != 0;) {
        const char *rest = text_after(at, word);
        if (rest != NULL && (*rest == 0 || *rest == ' ')) {
            return true;
        }
        while (*at != 0 && *at++ != ' ') {
        }
    }
    return false;
}

static void load_all(const char *path) {
    static char list[LIST_BYTES];
    read_text(path, list, sizeof list);
    for (char *at = list; *at != 0;) {
        char *end = at;
        while (*end != 0 && *end != '\n') {
            end++;
        }
        bool last = *end == 0;
        *end = 0;
        if (*at != 0) {
            load(at);
        }
        at = last ? end : end + 1;
    }
}

void machine_load_modules(void) {
    read_text("/proc/cmdline", command_line, sizeof command_line);
    is_firecracker = command_line_has("thaw.vmm=firecracker");
    load_all("/modules/list");
    if (is_firecracker) {
        load_all("/modules/firecracker");
    }
}

bool machine_is_firecracker(void) {
    return is_firecracker;
}
