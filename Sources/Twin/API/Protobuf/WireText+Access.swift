// The notation is that of ``WireSchema``.
extension WireText {
    static let access = """
        # authentication authentication.k8s.io/v1
        BoundObjectReference kind:s apiVersion:s name:s uid:s
        SelfSubjectReview metadata:meta.ObjectMeta status:SelfSubjectReviewStatus
        SelfSubjectReviewStatus userInfo:UserInfo
        TokenRequest metadata:meta.ObjectMeta spec:TokenRequestSpec status:TokenRequestStatus
        TokenRequestSpec audiences:[s] 3 boundObjectRef:BoundObjectReference? expirationSeconds:i?
        TokenRequestStatus token:s! expirationTimestamp:t
        TokenReview metadata:meta.ObjectMeta spec:TokenReviewSpec status:TokenReviewStatus
        TokenReviewSpec token:s audiences:[s]
        TokenReviewStatus authenticated:b user:UserInfo error:s audiences:[s]
        UserInfo username:s uid:s groups:[s] extra:{w}
        # authorization authorization.k8s.io/v1
        FieldSelectorAttributes rawSelector:s requirements:[meta.FieldSelectorRequirement]
        LabelSelectorAttributes rawSelector:s requirements:[meta.LabelSelectorRequirement]
        LocalSubjectAccessReview metadata:meta.ObjectMeta spec:SubjectAccessReviewSpec status:SubjectAccessReviewStatus
        NonResourceAttributes path:s verb:s
        NonResourceRule verbs:[s] nonResourceURLs:[s]
        ResourceAttributes namespace:s verb:s group:s version:s resource:s subresource:s name:s fieldSelector:FieldSelectorAttributes? labelSelector:LabelSelectorAttributes?
        ResourceRule verbs:[s] apiGroups:[s] resources:[s] resourceNames:[s]
        SelfSubjectAccessReview metadata:meta.ObjectMeta spec:SelfSubjectAccessReviewSpec status:SubjectAccessReviewStatus
        SelfSubjectAccessReviewSpec resourceAttributes:ResourceAttributes? nonResourceAttributes:NonResourceAttributes?
        SelfSubjectRulesReview metadata:meta.ObjectMeta spec:SelfSubjectRulesReviewSpec status:SubjectRulesReviewStatus
        SelfSubjectRulesReviewSpec namespace:s
        SubjectAccessReview metadata:meta.ObjectMeta spec:SubjectAccessReviewSpec status:SubjectAccessReviewStatus
        SubjectAccessReviewSpec resourceAttributes:ResourceAttributes? nonResourceAttributes:NonResourceAttributes? user:s groups:[s] extra:{w} uid:s
        SubjectAccessReviewStatus allowed:b! reason:s evaluationError:s denied:b
        SubjectRulesReviewStatus resourceRules:[ResourceRule] nonResourceRules:[NonResourceRule] incomplete:b! evaluationError:s
        # rbac rbac.authorization.k8s.io/v1
        AggregationRule clusterRoleSelectors:[meta.LabelSelector]
        ClusterRole metadata:meta.ObjectMeta rules:[PolicyRule] aggregationRule:AggregationRule?
        ClusterRoleBinding metadata:meta.ObjectMeta subjects:[Subject] roleRef:RoleRef
        PolicyRule verbs:[s] apiGroups:[s] resources:[s] resourceNames:[s] nonResourceURLs:[s]
        Role metadata:meta.ObjectMeta rules:[PolicyRule]
        RoleBinding metadata:meta.ObjectMeta subjects:[Subject] roleRef:RoleRef
        RoleRef apiGroup:s! kind:s! name:s!
        Subject kind:s! apiGroup:s name:s! namespace:s
        # certificates certificates.k8s.io/v1
        CertificateSigningRequest metadata:meta.ObjectMeta spec:CertificateSigningRequestSpec status:CertificateSigningRequestStatus
        CertificateSigningRequestCondition type:s! reason:s message:s lastUpdateTime:t lastTransitionTime:t status:s!
        CertificateSigningRequestSpec request:y username:s uid:s groups:[s] usages:[s] extra:{w} signerName:s! expirationSeconds:i?
        CertificateSigningRequestStatus conditions:[CertificateSigningRequestCondition] certificate:y
        # flowcontrol flowcontrol.apiserver.k8s.io/v1
        ExemptPriorityLevelConfiguration nominalConcurrencyShares:i? lendablePercent:i?
        FlowDistinguisherMethod type:s!
        FlowSchema metadata:meta.ObjectMeta spec:FlowSchemaSpec status:FlowSchemaStatus
        FlowSchemaCondition type:s status:s lastTransitionTime:t reason:s message:s
        FlowSchemaSpec priorityLevelConfiguration:PriorityLevelConfigurationReference matchingPrecedence:i! distinguisherMethod:FlowDistinguisherMethod? rules:[PolicyRulesWithSubjects]
        FlowSchemaStatus conditions:[FlowSchemaCondition]
        GroupSubject name:s!
        LimitResponse type:s! queuing:QueuingConfiguration?
        LimitedPriorityLevelConfiguration nominalConcurrencyShares:i? limitResponse:LimitResponse lendablePercent:i? borrowingLimitPercent:i?
        NonResourcePolicyRule verbs:[s] 6 nonResourceURLs:[s]
        PolicyRulesWithSubjects subjects:[Subject] resourceRules:[ResourcePolicyRule] nonResourceRules:[NonResourcePolicyRule]
        PriorityLevelConfiguration metadata:meta.ObjectMeta spec:PriorityLevelConfigurationSpec status:PriorityLevelConfigurationStatus
        PriorityLevelConfigurationCondition type:s status:s lastTransitionTime:t reason:s message:s
        PriorityLevelConfigurationReference name:s!
        PriorityLevelConfigurationSpec type:s! limited:LimitedPriorityLevelConfiguration? exempt:ExemptPriorityLevelConfiguration?
        PriorityLevelConfigurationStatus conditions:[PriorityLevelConfigurationCondition]
        QueuingConfiguration queues:i! handSize:i! queueLengthLimit:i!
        ResourcePolicyRule verbs:[s] apiGroups:[s] resources:[s] clusterScope:b namespaces:[s]
        ServiceAccountSubject namespace:s! name:s!
        Subject kind:s! user:UserSubject? group:GroupSubject? serviceAccount:ServiceAccountSubject?
        UserSubject name:s!
        """
}
