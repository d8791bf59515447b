"""Terraform code: HCL and its JSON syntax, evaluated without running Terraform."""

from scanner.sources.terraform.source import TerraformOptions, TerraformSource

__all__ = ["TerraformOptions", "TerraformSource"]
