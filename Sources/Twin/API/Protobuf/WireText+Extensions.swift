// The notation is that of ``WireSchema``.
extension WireText {
    static let extensions = """
        # admissionregistration admissionregistration.k8s.io/v1
        ApplyConfiguration expression:s
        AuditAnnotation key:s! valueExpression:s!
        ExpressionWarning 2 fieldRef:s! warning:s!
        JSONPatch expression:s
        MatchCondition name:s! expression:s!
        MatchResources namespaceSelector:meta.LabelSelector? objectSelector:meta.LabelSelector? resourceRules:[NamedRuleWithOperations] excludeResourceRules:[NamedRuleWithOperations] 7 matchPolicy:s?
        MutatingAdmissionPolicy metadata:meta.ObjectMeta spec:MutatingAdmissionPolicySpec
        MutatingAdmissionPolicyBinding metadata:meta.ObjectMeta spec:MutatingAdmissionPolicyBindingSpec
        MutatingAdmissionPolicyBindingSpec policyName:s paramRef:ParamRef? matchResources:MatchResources?
        MutatingAdmissionPolicySpec paramKind:ParamKind? matchConstraints:MatchResources? variables:[Variable] mutations:[Mutation] failurePolicy:s? matchConditions:[MatchCondition] reinvocationPolicy:s
        MutatingWebhook name:s! clientConfig:WebhookClientConfig rules:[RuleWithOperations] failurePolicy:s? namespaceSelector:meta.LabelSelector? sideEffects:s? timeoutSeconds:i? admissionReviewVersions:[s] matchPolicy:s? reinvocationPolicy:s? objectSelector:meta.LabelSelector? matchConditions:[MatchCondition]
        MutatingWebhookConfiguration metadata:meta.ObjectMeta webhooks:[MutatingWebhook]
        Mutation 2 patchType:s! applyConfiguration:ApplyConfiguration? jsonPatch:JSONPatch?
        NamedRuleWithOperations resourceNames:[s] ^RuleWithOperations
        ParamKind apiVersion:s kind:s
        ParamRef name:s namespace:s selector:meta.LabelSelector? parameterNotFoundAction:s?
        Rule apiGroups:[s] apiVersions:[s] resources:[s] scope:s?
        RuleWithOperations operations:[s] ^Rule
        ServiceReference namespace:s! name:s! path:s? port:i?
        TypeChecking expressionWarnings:[ExpressionWarning]
        ValidatingAdmissionPolicy metadata:meta.ObjectMeta spec:ValidatingAdmissionPolicySpec status:ValidatingAdmissionPolicyStatus
        ValidatingAdmissionPolicyBinding metadata:meta.ObjectMeta spec:ValidatingAdmissionPolicyBindingSpec
        ValidatingAdmissionPolicyBindingSpec policyName:s paramRef:ParamRef? matchResources:MatchResources? validationActions:[s]
        ValidatingAdmissionPolicySpec paramKind:ParamKind? matchConstraints:MatchResources? validations:[Validation] failurePolicy:s? auditAnnotations:[AuditAnnotation] matchConditions:[MatchCondition] variables:[Variable]
        ValidatingAdmissionPolicyStatus observedGeneration:i typeChecking:TypeChecking? conditions:[meta.Condition]
        ValidatingWebhook name:s! clientConfig:WebhookClientConfig rules:[RuleWithOperations] failurePolicy:s? namespaceSelector:meta.LabelSelector? sideEffects:s? timeoutSeconds:i? admissionReviewVersions:[s] matchPolicy:s? objectSelector:meta.LabelSelector? matchConditions:[MatchCondition]
        ValidatingWebhookConfiguration metadata:meta.ObjectMeta webhooks:[ValidatingWebhook]
        Validation expression:s! message:s reason:s? messageExpression:s
        Variable name:s! expression:s!
        WebhookClientConfig service:ServiceReference? caBundle:y url:s?
        # apiextensions apiextensions.k8s.io/v1
        CustomResourceColumnDefinition name:s! type:s! format:s description:s priority:i jsonPath:s!
        CustomResourceConversion strategy:s! webhook:WebhookConversion?
        CustomResourceDefinition metadata:meta.ObjectMeta spec:CustomResourceDefinitionSpec status:CustomResourceDefinitionStatus
        CustomResourceDefinitionCondition type:s! status:s! lastTransitionTime:t reason:s message:s observedGeneration:i
        CustomResourceDefinitionNames plural:s! singular:s shortNames:[s] kind:s! listKind:s categories:[s]
        CustomResourceDefinitionSpec group:s! 3 names:CustomResourceDefinitionNames scope:s! 7 versions:[CustomResourceDefinitionVersion] 9 conversion:CustomResourceConversion? preserveUnknownFields:b
        CustomResourceDefinitionStatus conditions:[CustomResourceDefinitionCondition] acceptedNames:CustomResourceDefinitionNames storedVersions:[s] observedGeneration:i
        CustomResourceDefinitionVersion name:s! served:b! storage:b! schema:CustomResourceValidation? subresources:CustomResourceSubresources? additionalPrinterColumns:[CustomResourceColumnDefinition] deprecated:b deprecationWarning:s? selectableFields:[SelectableField]
        CustomResourceSubresourceScale specReplicasPath:s! statusReplicasPath:s! labelSelectorPath:s?
        CustomResourceSubresourceStatus
        CustomResourceSubresources status:CustomResourceSubresourceStatus? scale:CustomResourceSubresourceScale?
        CustomResourceValidation openAPIV3Schema:JSONSchemaProps?
        ExternalDocumentation description:s url:s
        JSONSchemaProps id:s $schema:s $ref:s? description:s type:s format:s title:s default:raw? maximum:f? exclusiveMaximum:b minimum:f? exclusiveMinimum:b maxLength:i? minLength:i? pattern:s maxItems:i? minItems:i? uniqueItems:b multipleOf:f? enum:[raw] maxProperties:i? minProperties:i? required:[s] items:orList? allOf:[JSONSchemaProps] oneOf:[JSONSchemaProps] anyOf:[JSONSchemaProps] not:JSONSchemaProps? properties:{JSONSchemaProps} additionalProperties:orBool? patternProperties:{JSONSchemaProps} dependencies:{orTexts} additionalItems:orBool? definitions:{JSONSchemaProps} externalDocs:ExternalDocumentation? example:raw? nullable:b x-kubernetes-preserve-unknown-fields:b? x-kubernetes-embedded-resource:b x-kubernetes-int-or-string:b x-kubernetes-list-map-keys:[s] x-kubernetes-list-type:s? x-kubernetes-map-type:s? x-kubernetes-validations:[ValidationRule]
        SelectableField jsonPath:s!
        ServiceReference namespace:s! name:s! path:s? port:i?
        ValidationRule rule:s! message:s messageExpression:s reason:s? fieldPath:s optionalOldSelf:b?
        WebhookClientConfig service:ServiceReference? caBundle:y url:s?
        WebhookConversion 2 clientConfig:WebhookClientConfig? conversionReviewVersions:[s]
        # apiregistration apiregistration.k8s.io/v1
        APIService metadata:meta.ObjectMeta spec:APIServiceSpec status:APIServiceStatus
        APIServiceCondition type:s! status:s! lastTransitionTime:t reason:s message:s
        APIServiceSpec service:ServiceReference? group:s version:s insecureSkipTLSVerify:b caBundle:y 7 groupPriorityMinimum:i! versionPriority:i!
        APIServiceStatus conditions:[APIServiceCondition]
        ServiceReference namespace:s name:s port:i?
        """
}
