locals {
  twice = !!var.a
}
