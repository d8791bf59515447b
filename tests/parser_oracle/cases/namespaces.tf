locals {
  call = provider::aws::arn_parse("arn:aws:s3:::x").service
  core = core::length("x")
}
