#ifndef THAW_SHA256_H
#define THAW_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_BYTES = 32 };

/* SHA-256 as in FIPS 180-4. */
void sha256(const uint8_t *data, size_t size, uint8_t digest[SHA256_BYTES]);

#endif
