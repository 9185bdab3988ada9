/// The registry: one line a rule.
enum Rules {
    static let all: [any Rule] = [
        ContainerSymptoms(), PodSymptoms(),
        ImagePullRule(), ConfigurationReferenceRule(), RunAsNonRootRule(), StartErrorRule(), MemoryRule(), MissingSettingRule(),
        BadConfigurationRule(), FileAccessRule(), NameLookupRule(), DependencyRule(), CrashRule(), CompletionRule(),
        LivenessRule(), StartupProbeRule(), ReadinessRule(), SchedulingRule(), VolumeRule(),
        ServiceSelectorRule(), ScaledToZeroRule(), RolloutRule(),
    ]
}
