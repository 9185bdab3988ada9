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
static const unsigned char cluster_services_yaml[] = {
#embed "files/apps/cluster-services.yaml"
};
static const unsigned char scenario_bad_release[] = {
#embed "files/scenarios/bad-release.yaml"
};
static const unsigned char scenario_config_key_missing[] = {
#embed "files/scenarios/config-key-missing.yaml"
};
static const unsigned char scenario_container_crash[] = {
#embed "files/scenarios/container-crash.yaml"
};
static const unsigned char scenario_cpu_stress[] = {
#embed "files/scenarios/cpu-stress.yaml"
};
static const unsigned char scenario_database_refuses[] = {
#embed "files/scenarios/database-refuses.yaml"
};
static const unsigned char scenario_failing_health_check[] = {
#embed "files/scenarios/failing-health-check.yaml"
};
static const unsigned char scenario_missing_image[] = {
#embed "files/scenarios/missing-image.yaml"
};
static const unsigned char scenario_network_latency[] = {
#embed "files/scenarios/network-latency.yaml"
};
static const unsigned char scenario_node_loss[] = {
#embed "files/scenarios/node-loss.yaml"
};
static const unsigned char scenario_out_of_memory[] = {
#embed "files/scenarios/out-of-memory.yaml"
};
static const unsigned char scenario_quota_used_up[] = {
#embed "files/scenarios/quota-used-up.yaml"
};
static const unsigned char scenario_scaled_to_zero[] = {
#embed "files/scenarios/scaled-to-zero.yaml"
};
static const unsigned char scenario_too_much_cpu[] = {
#embed "files/scenarios/too-much-cpu.yaml"
};
static const unsigned char scenario_traffic_surge[] = {
#embed "files/scenarios/traffic-surge.yaml"
};
static const unsigned char scenario_wrong_selector[] = {
#embed "files/scenarios/wrong-selector.yaml"
};
static const martlet_asset assets[] = {
    {"app.css", app_css, sizeof app_css},
    {"app.js", app_js, sizeof app_js},
    {"mark.svg", mark_svg, sizeof mark_svg},
    {"apps/shop.yaml", shop_yaml, sizeof shop_yaml},
    {"apps/cluster-services.yaml", cluster_services_yaml, sizeof cluster_services_yaml},
    {"scenarios/bad-release.yaml", scenario_bad_release, sizeof scenario_bad_release},
    {"scenarios/config-key-missing.yaml", scenario_config_key_missing, sizeof scenario_config_key_missing},
    {"scenarios/container-crash.yaml", scenario_container_crash, sizeof scenario_container_crash},
    {"scenarios/cpu-stress.yaml", scenario_cpu_stress, sizeof scenario_cpu_stress},
    {"scenarios/database-refuses.yaml", scenario_database_refuses, sizeof scenario_database_refuses},
    {"scenarios/failing-health-check.yaml", scenario_failing_health_check, sizeof scenario_failing_health_check},
    {"scenarios/missing-image.yaml", scenario_missing_image, sizeof scenario_missing_image},
    {"scenarios/network-latency.yaml", scenario_network_latency, sizeof scenario_network_latency},
    {"scenarios/node-loss.yaml", scenario_node_loss, sizeof scenario_node_loss},
    {"scenarios/out-of-memory.yaml", scenario_out_of_memory, sizeof scenario_out_of_memory},
    {"scenarios/quota-used-up.yaml", scenario_quota_used_up, sizeof scenario_quota_used_up},
    {"scenarios/scaled-to-zero.yaml", scenario_scaled_to_zero, sizeof scenario_scaled_to_zero},
    {"scenarios/too-much-cpu.yaml", scenario_too_much_cpu, sizeof scenario_too_much_cpu},
    {"scenarios/traffic-surge.yaml", scenario_traffic_surge, sizeof scenario_traffic_surge},
    {"scenarios/wrong-selector.yaml", scenario_wrong_selector, sizeof scenario_wrong_selector},
};
size_t martlet_asset_count(void) { return sizeof assets / sizeof *assets; }
martlet_asset martlet_asset_at(size_t index) { return assets[index]; }
