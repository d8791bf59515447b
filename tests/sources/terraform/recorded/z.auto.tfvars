fromauto = "42"
