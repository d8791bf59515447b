locals {
  strip = "a ${~ var.a ~} b"
}
