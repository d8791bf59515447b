# Literals in every spelling.
locals {
  whole    = 42
  negative = -3
  fraction = 0.125
  small    = 1e-3
  huge     = 123456789012345678901234567890
  yes      = true
  nothing  = null
  empty    = ""
  quoted   = "a \"quoted\" word, a back\\slash, a tab\tand a line\nbreak"
  unicode  = "\u00e9 \U0001F600 한국어 é"
  dollars  = "100$ and $${not} and %%{either} and $$ and %"
  url      = "https://example.com/#anchor // no comment /* neither */"
  list     = [1, "two", true, null, [3.5, []]]
  trailing = ["a", "b", ]
  object   = { plain = 1, "quoted key" = 2, "a.b/c" : 3, nested = { list = [{ x = 1 }] } }
  lines = {
    one                = 1
    two                = 2  # comment
    three              = 3, // comment
    /* comment */ four = 4
  }
}
