"""Lists, watches, patches and deletes through the Python client `kubernetes`; prints one line a step, fails at the first that is wrong."""
import sys

from kubernetes import client, config, watch
from kubernetes.client.rest import ApiException

config.load_kube_config(sys.argv[1])
core, apps = client.CoreV1Api(), client.AppsV1Api()


def done(step, *facts):
    print(step, *facts, flush=True)


core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name="py")))
done("namespace created")
template = client.V1PodTemplateSpec(
    metadata=client.V1ObjectMeta(labels={"app": "web"}),
    spec=client.V1PodSpec(containers=[client.V1Container(name="web", image="registry.example.com/shop/web:1.4.2")]))
apps.create_namespaced_deployment("py", client.V1Deployment(
    metadata=client.V1ObjectMeta(name="web"),
    spec=client.V1DeploymentSpec(replicas=2, selector=client.V1LabelSelector(match_labels={"app": "web"}), template=template)))
done("deployment created")

seen = watch.Watch()
for event in seen.stream(core.list_namespaced_pod, "py", label_selector="app=web", timeout_seconds=60):
    pods = core.list_namespaced_pod("py", label_selector="app=web").items
    if len(pods) == 2 and all(p.status.phase == "Running" for p in pods):
        seen.stop()
done("watched", len(pods), "pods running")

apps.patch_namespaced_deployment("web", "py", {"metadata": {"labels": {"tier": "front"}}, "spec": {"replicas": 3}})
scale = apps.read_namespaced_deployment_scale("web", "py")
assert scale.spec.replicas == 3, scale
done("patched to", scale.spec.replicas)

page = core.list_namespaced_pod("py", limit=1)
assert len(page.items) == 1 and page.metadata._continue, page.metadata
rest = core.list_namespaced_pod("py", limit=100, _continue=page.metadata._continue)
done("paged", len(page.items) + len(rest.items) >= 2)

try:
    core.read_namespaced_pod("none", "py")
    raise AssertionError("a pod that does not exist was read")
except ApiException as error:
    assert error.status == 404 and '"reason":"NotFound"' in error.body, error
    done("refused", error.status)

apps.delete_namespaced_deployment("web", "py", propagation_policy="Foreground")
core.delete_namespace("py")
seen = watch.Watch()
for event in seen.stream(core.list_namespace, field_selector="metadata.name=py", timeout_seconds=60):
    if event["type"] == "DELETED":
        seen.stop()
assert "py" not in [n.metadata.name for n in core.list_namespace().items]
done("namespace deleted")
