resource "aws_opensearch_domain" "this" {
  domain_name    = "${var.name}-search"
  engine_version = var.search.engine_version

  cluster_config {
    instance_type          = var.search.instance_type
    instance_count         = var.search.instance_count
    zone_awareness_enabled = true

    zone_awareness_config {
      availability_zone_count = 2
    }
  }

  ebs_options {
    ebs_enabled = true
    volume_type = "gp3"
    volume_size = var.search.storage_gb
  }

  vpc_options {
    subnet_ids         = var.subnet_ids
    security_group_ids = [var.security_groups["search"]]
  }

  encrypt_at_rest {
    enabled = true
  }

  node_to_node_encryption {
    enabled = true
  }

  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-0-2019-07"
  }

  # Roles of IAM sign their requests; there are no users inside the domain.
  advanced_security_options {
    enabled                        = true
    anonymous_auth_enabled         = false
    internal_user_database_enabled = false

    master_user_options {
      master_user_arn = aws_iam_role.search_admin.arn
    }
  }
}

# nori is an optional package of the managed service.
resource "aws_opensearch_package_association" "nori" {
  domain_name = aws_opensearch_domain.this.domain_name
  package_id  = var.search.nori_package_id
}

data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "search_admin" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }
}

resource "aws_iam_role" "search_admin" {
  name               = "${var.name}-search-admin"
  assume_role_policy = data.aws_iam_policy_document.search_admin.json
}
