data "aws_iam_policy_document" "base" {
  policy_id = "base"
  statement {
    sid = "One"
    actions = ["s3:GetObject", "s3:PutObject", "ec2:*"]
    resources = ["*"]
  }
  statement {
    actions = ["s3:List*"]
    resources = ["arn:aws:s3:::b", "arn:aws:s3:::a", "arn:aws:s3:::&{aws:username}/x"]
    principals {
      type = "AWS"
      identifiers = ["arn:aws:iam::1:root", "arn:aws:iam::2:root"]
    }
    principals {
      type = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
    principals {
      type = "AWS"
      identifiers = ["3"]
    }
    condition {
      test = "StringEquals"
      variable = "aws:x"
      values = ["b", "a"]
    }
    condition {
      test = "StringEquals"
      variable = "aws:y"
      values = ["<1>"]
    }
    condition {
      test = "StringEquals"
      variable = "aws:x"
      values = ["c"]
    }
    condition {
      test = "Bool"
      variable = "aws:SecureTransport"
      values = ["false"]
    }
  }
}
data "aws_iam_policy_document" "star" {
  version = "2008-10-17"
  statement {
    effect = "Deny"
    not_actions = ["a:b"]
    not_resources = ["x", "y"]
    principals {
      type = "*"
      identifiers = ["*"]
    }
  }
  statement {
    not_principals {
      type = "AWS"
      identifiers = ["*"]
    }
    actions = []
    resources = ["é"]
  }
}
data "aws_iam_policy_document" "empty" {}
data "aws_iam_policy_document" "merged" {
  source_policy_documents = [data.aws_iam_policy_document.base.json, jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "Two", Effect = "Allow", Action = ["x:y"], Resource = "*", Principal = "*" }] })]
  override_policy_documents = [jsonencode({ Statement = [{ Sid = "One", Effect = "Deny", Action = "*", Resource = ["b", "a"], Principal = { AWS = ["2", "1"] }, Condition = { Bool = { "x" = ["true"] } } }] })]
  statement {
    sid = "Own"
    actions = ["a:a"]
    resources = ["*"]
  }
  statement {
    sid = "Two"
    actions = ["b:b"]
  }
}
