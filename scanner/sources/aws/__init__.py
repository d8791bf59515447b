"""Live AWS accounts, in the names that Terraform has for what is there."""

from scanner.sources.aws.options import AwsOptions
from scanner.sources.aws.permissions import permissions
from scanner.sources.aws.source import AwsSource

__all__ = ["AwsOptions", "AwsSource", "permissions"]
