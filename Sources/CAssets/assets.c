#include "assets.h"
static const martlet_asset assets[] = {{"none", (const unsigned char *)"", 0}};
size_t martlet_asset_count(void) { return sizeof assets / sizeof *assets; }
martlet_asset martlet_asset_at(size_t index) { return assets[index]; }
