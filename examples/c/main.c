/* One bootstrap with every function: _HANDLER says which. */
#include "functions/functions.h"

int main(void) {
    static const struct thaw_function functions[] = {
        {"echo", 0, echo_handle},
        {"hash", 0, hash_handle},
        {"dot", 0, dot_handle},
        {"kernel", 0, kernel_handle},
        {"drip", 0, drip_handle},
        {"spin", spin_init, spin_handle},
        {"probe", probe_init, probe_handle},
    };
    return thaw_run(functions, sizeof functions / sizeof functions[0]);
}
