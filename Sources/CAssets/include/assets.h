#pragma once
#include <stddef.h>
/// One embedded file: its name, its bytes and how many.
typedef struct { const char *name; const unsigned char *bytes; size_t count; } martlet_asset;
size_t martlet_asset_count(void);
martlet_asset martlet_asset_at(size_t index);
