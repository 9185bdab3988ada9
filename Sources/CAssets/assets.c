#include "assets.h"
// The files are part of the binary: `#embed` costs the compiler milliseconds where an array literal costs minutes.
#pragma clang diagnostic ignored "-Wc23-extensions"
static const unsigned char app_css[] = {
#embed "files/app.css"
};
static const unsigned char app_js[] = {
#embed "files/app.js"
};
static const unsigned char mark_svg[] = {
#embed "files/mark.svg"
};
static const unsigned char shop_yaml[] = {
#embed "files/apps/shop.yaml"
};
static const martlet_asset assets[] = {
    {"app.css", app_css, sizeof app_css},
    {"app.js", app_js, sizeof app_js},
    {"mark.svg", mark_svg, sizeof mark_svg},
    {"apps/shop.yaml", shop_yaml, sizeof shop_yaml},
};
size_t martlet_asset_count(void) { return sizeof assets / sizeof *assets; }
martlet_asset martlet_asset_at(size_t index) { return assets[index]; }
