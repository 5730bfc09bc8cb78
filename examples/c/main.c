/* One bootstrap with every function: _HANDLER says which. */
#include "functions/functions.h"

int main(void) {
    static const struct thaw_function functions[] = {
        {.name = "echo", .handle = echo_handle},
        {.name = "hash", .handle = hash_handle},
        {.name = "dot", .handle = dot_handle},
        {.name = "kernel", .handle = kernel_handle},
        {.name = "drip", .handle = drip_handle},
        {.name = "spin", .init = spin_init, .handle = spin_handle},
        {.name = "probe", .init = probe_init, .handle = probe_handle},
        {"hooks", hooks_init, hooks_handle, hooks_before_checkpoint, hooks_after_restore},
    };
    return thaw_run(functions, sizeof functions / sizeof functions[0]);
}
