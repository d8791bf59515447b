"""Kubernetes objects that Terraform manages, read from Terraform text."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from scanner.model.inventory import Inventory, Level
from scanner.model.resource import Origin, Resource
from scanner.model.value import Plain, Unknown, plain
from scanner.sources.kubernetes.terraform import read_terraform
from scanner.sources.kubernetes.terraform_names import TYPES
from scanner.sources.terraform import TerraformOptions, TerraformSource
from tests.sources.kubernetes.manifests import refs

DEPLOYMENT = """
variable "replicas" { default = 3 }
resource "kubernetes_namespace" "shop" {
  metadata { name = "shop" }
}
resource "kubernetes_deployment_v1" "web" {
  metadata {
    name      = "web"
    namespace = kubernetes_namespace.shop.metadata[0].name
    labels    = { "team/owner_name" = "a" }
  }
  spec {
    replicas = var.replicas
    selector { match_labels = { app = "web" } }
    strategy {
      type = "RollingUpdate"
      rolling_update { max_surge = "25%" }
    }
    template {
      metadata { labels = { app = "web" } }
      spec {
        service_account_name = kubernetes_service_account.web.metadata[0].name
        host_pid             = false
        container {
          name  = "web"
          image = "web:1"
          port { container_port = 8080 }
          env {
            name = "KEY"
            value_from {
              secret_key_ref {
                name = "keys"
                key  = "k"
              }
            }
          }
          resources {
            limits   = { cpu = "1", "nvidia.com/gpu" = 1 }
            requests = { cpu = "500m" }
          }
          liveness_probe {
            http_get {
              path = "/health"
              http_header {
                name  = "A"
                value = "b"
              }
            }
          }
        }
        container { name = "side" }
        volume {
          name = "s"
          secret { secret_name = "keys" }
        }
        affinity {
          node_affinity {
            required_during_scheduling_ignored_during_execution {
              node_selector_term { match_fields { key = "f" } }
            }
          }
          pod_anti_affinity {
            required_during_scheduling_ignored_during_execution {
              topology_key = "zone"
              label_selector { match_labels = { app = "web" } }
            }
          }
        }
      }
    }
  }
}
resource "kubernetes_service_account" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
}
resource "kubernetes_secret" "keys" {
  metadata {
    name      = "keys"
    namespace = "shop"
  }
  data = { k_ey = "plain" }
}
resource "kubernetes_horizontal_pod_autoscaler_v2" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    min_replicas = 2
    max_replicas = 5
    scale_target_ref {
      api_version = "apps/v1"
      kind        = "Deployment"
      name        = kubernetes_deployment_v1.web.metadata[0].name
    }
    metric {
      type = "Pods"
      pods {
        metric { name = "rps" }
        target {
          type          = "AverageValue"
          average_value = "100"
        }
      }
    }
    behavior {
      scale_down {
        policy {
          type  = "Pods"
          value = 1
        }
      }
    }
  }
}
"""


def read(directory: Path, text: str) -> tuple[Inventory, Inventory]:
    """Terraform's resources and the native ones."""
    (directory / "main.tf").write_text(dedent(text), "utf-8")
    terraform = TerraformSource([directory], TerraformOptions(), directory).collect()
    assert not terraform.notifications, terraform.notifications
    return terraform, read_terraform(terraform)


def one(inventory: Inventory, type_: str) -> Resource:
    """The only resource of a type."""
    (found,) = inventory.of_type(type_)
    return found


def data(resource: Resource, path: str) -> list[Plain]:
    """What a path reaches, as data."""
    return [plain(found.value, reveal=True) for found in resource.lookup(path)]


@pytest.fixture
def native(tmp_path: Path) -> Inventory:
    return read(tmp_path, DEPLOYMENT)[1]


@pytest.mark.parametrize(
    ("type_", "path", "expected"),
    [
        ("apps/v1/Deployment", "apiVersion", ["apps/v1"]),
        ("apps/v1/Deployment", "kind", ["Deployment"]),
        ("apps/v1/Deployment", "metadata.labels", [{"team/owner_name": "a"}]),
        ("apps/v1/Deployment", "spec.replicas", [3]),
        ("apps/v1/Deployment", "spec.selector.matchLabels.app", ["web"]),
        ("apps/v1/Deployment", "spec.strategy.rollingUpdate.maxSurge", ["25%"]),
        ("apps/v1/Deployment", "spec.template.spec.hostPID", [False]),
        ("apps/v1/Deployment", "spec.template.spec.containers.name", ["web", "side"]),
        ("apps/v1/Deployment", "spec.template.spec.containers[name=web].ports[0].containerPort", [8080]),
        (
            "apps/v1/Deployment",
            "spec.template.spec.containers[name=web].env[0].valueFrom.secretKeyRef.key",
            ["k"],
        ),
        (
            "apps/v1/Deployment",
            "spec.template.spec.containers[name=web].resources.limits",
            [{"cpu": "1", "nvidia.com/gpu": 1}],
        ),
        (
            "apps/v1/Deployment",
            "spec.template.spec.containers[name=web].livenessProbe.httpGet",
            [{"path": "/health", "httpHeaders": [{"name": "A", "value": "b"}]}],
        ),
        ("apps/v1/Deployment", "spec.template.spec.volumes[0].secret.secretName", ["keys"]),
        (
            "apps/v1/Deployment",
            "spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution",
            [{"nodeSelectorTerms": [{"matchFields": [{"key": "f"}]}]}],
        ),
        (
            "apps/v1/Deployment",
            "spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey",
            ["zone"],
        ),
        ("v1/Secret", "stringData", [{"k_ey": "plain"}]),
        ("v1/Secret", "data", [None]),
        ("autoscaling/v2/HorizontalPodAutoscaler", "spec.metrics[0].pods.metric.name", ["rps"]),
        ("autoscaling/v2/HorizontalPodAutoscaler", "spec.metrics[0].pods.target.averageValue", ["100"]),
        (
            "autoscaling/v2/HorizontalPodAutoscaler",
            "spec.behavior.scaleDown.policies",
            [[{"type": "Pods", "value": 1}]],
        ),
    ],
)
def test_blocks_become_native_fields(native: Inventory, type_: str, path: str, expected: list[Plain]) -> None:
    assert data(one(native, type_), path) == expected


def test_addresses_places_and_chains_are_those_of_terraform(native: Inventory) -> None:
    web = one(native, "apps/v1/Deployment")
    assert (web.address, web.origin, str(web.location)) == (
        "kubernetes_deployment_v1.web",
        Origin.TERRAFORM,
        "main.tf:6:1",
    )
    (replicas,) = web.lookup("spec.replicas")
    assert str(replicas.value.location) == "main.tf:2:23"
    assert [hop.what for hop in replicas.value.hops] == ["var.replicas"]
    (missing,) = web.lookup("spec.strategy.rollingUpdate.maxUnavailable")
    assert missing.value.is_absent
    assert str(missing.value.location).startswith("main.tf:17:")


def test_links_by_reference_and_by_name(native: Inventory) -> None:
    web = one(native, "apps/v1/Deployment")
    scaler = one(native, "autoscaling/v2/HorizontalPodAutoscaler")
    assert refs(scaler, "spec.scaleTargetRef") == ["kubernetes_deployment_v1.web"]
    assert "kubernetes_service_account.web" in refs(web, "spec.template.spec.serviceAccountName")
    assert refs(web, "spec.template.spec.containers[name=web].env[0].valueFrom.secretKeyRef") == [
        "kubernetes_secret.keys"
    ]


def test_every_kind_has_both_names(tmp_path: Path) -> None:
    text = "\n".join(
        f'resource "kubernetes_{name}{suffix}" "x{number}" {{\n  metadata {{ name = "n" }}\n}}'
        for name in TYPES
        for number, suffix in enumerate(("", "_v1"))
    )
    terraform, native = read(tmp_path, text)
    assert [resource.address for resource in native.resources] == [item.address for item in terraform.resources]
    assert {resource.type for resource in native.resources} >= set(TYPES.values())


def test_names_that_follow_no_rule(tmp_path: Path) -> None:
    _, native = read(
        tmp_path,
        """
        resource "kubernetes_daemon_set_v1" "d" {
          spec {
            strategy { type = "OnDelete" }
          }
        }
        resource "kubernetes_cluster_role_v1" "r" {
          rule {
            api_groups        = [""]
            non_resource_urls = ["/metrics"]
            verbs             = ["get"]
          }
        }
        resource "kubernetes_ingress_v1" "i" {
          spec {
            rule {
              http {
                path {
                  path = "/"
                  backend {
                    service {
                      name = "web"
                      port { number = 80 }
                    }
                  }
                }
              }
            }
          }
        }
        resource "kubernetes_service_v1" "s" {
          spec {
            cluster_ip = "None"
            selector   = { my_app = "web" }
            port { target_port = "8080" }
          }
        }
        resource "kubernetes_network_policy_v1" "n" {
          spec {
            pod_selector {}
            policy_types = ["Ingress"]
            ingress {
              ports { port = "8080" }
              from {
                ip_block { cidr = "10.0.0.0/8" }
              }
            }
          }
        }
        """,
    )
    assert data(one(native, "apps/v1/DaemonSet"), "spec.updateStrategy.type") == ["OnDelete"]
    role = one(native, "rbac.authorization.k8s.io/v1/ClusterRole")
    assert data(role, "rules") == [[{"apiGroups": [""], "nonResourceURLs": ["/metrics"], "verbs": ["get"]}]]
    backend = data(one(native, "networking.k8s.io/v1/Ingress"), "spec.rules[0].http.paths[0].backend")
    assert backend == [{"service": {"name": "web", "port": {"number": 80}}}]
    service = one(native, "v1/Service")
    assert data(service, "spec") == [
        {"clusterIP": "None", "selector": {"my_app": "web"}, "ports": [{"targetPort": "8080"}]}
    ]
    policy = one(native, "networking.k8s.io/v1/NetworkPolicy")
    assert data(policy, "spec.ingress[0]") == [
        {"ports": [{"port": "8080"}], "from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}
    ]
    assert data(policy, "spec.podSelector") == [{}]


def test_whole_manifests(tmp_path: Path) -> None:
    (tmp_path / "pdb.yaml").write_text(
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: {minAvailable: 2}\n", "utf-8"
    )
    _, native = read(
        tmp_path,
        """
        variable "host" { type = string }
        resource "kubernetes_manifest" "pdb" {
          manifest = yamldecode(file("${path.module}/pdb.yaml"))
        }
        resource "kubernetes_manifest" "project" {
          manifest = {
            apiVersion = "argoproj.io/v1alpha1"
            kind       = "AppProject"
            metadata   = { name = "p" }
          }
        }
        resource "kubectl_manifest" "config" {
          yaml_body = <<-EOT
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: c}
            data: {a: "1", host: "${var.host}"}
          EOT
        }
        """,
    )
    assert data(one(native, "policy/v1/PodDisruptionBudget"), "spec.minAvailable") == [2]
    assert one(native, "argoproj.io/v1alpha1/AppProject").address == "kubernetes_manifest.project"
    config = one(native, "v1/ConfigMap")
    assert data(config, "data.a") == ["1"]
    (host,) = config.lookup("data.host")
    assert isinstance(host.value.raw, Unknown)
    assert str(host.value.location).startswith("main.tf:14:")
    assert not native.notifications


def test_a_manifest_that_is_not_known_hides_every_kind(tmp_path: Path) -> None:
    _, native = read(
        tmp_path,
        """
        variable "object" { type = any }
        resource "kubernetes_manifest" "x" {
          manifest = var.object
        }
        """,
    )
    (notification,) = native.notifications
    assert (notification.level, notification.hides) == (Level.ERROR, ("*/*",))
    assert native.may_hide("apps/v1/Deployment")
    assert not native.may_hide("aws_db_instance")


def test_values_of_helm_releases_are_paths(tmp_path: Path) -> None:
    terraform, native = read(
        tmp_path,
        """
        variable "tag" { type = string }
        resource "helm_release" "x" {
          name = "x"
          values = [
            yamlencode({ controller = { replicaCount = 2 } }),
            "image: {tag: ${var.tag}, name: web}",
          ]
        }
        """,
    )
    release = one(terraform, "helm_release")
    assert not native.resources
    assert data(release, "values[0].controller.replicaCount") == [2]
    assert data(release, "values[1].image.name") == ["web"]
    (tag,) = release.lookup("values[1].image.tag")
    assert tag.value.is_unknown


def test_unknown_namespaces_leave_links_open(tmp_path: Path) -> None:
    _, native = read(
        tmp_path,
        """
        variable "namespace" { type = string }
        resource "kubernetes_deployment" "web" {
          metadata {
            name      = "web"
            namespace = var.namespace
          }
          spec {
            template {
              metadata { labels = { app = "web" } }
            }
          }
        }
        resource "kubernetes_pod_disruption_budget_v1" "same" {
          metadata { namespace = var.namespace }
          spec {
            selector { match_labels = { app = "web" } }
          }
        }
        resource "kubernetes_pod_disruption_budget_v1" "other" {
          metadata { namespace = "shop" }
          spec {
            selector { match_labels = { app = "web" } }
          }
        }
        """,
    )
    same, other = native.of_type("policy/v1/PodDisruptionBudget")
    assert refs(same, "spec.selector") == ["kubernetes_deployment.web"]
    assert refs(other, "spec.selector") == ["?kubernetes_deployment.web"]
