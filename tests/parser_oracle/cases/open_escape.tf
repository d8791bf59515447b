locals {
  open = "an escaped $${ that nothing closes"
}
