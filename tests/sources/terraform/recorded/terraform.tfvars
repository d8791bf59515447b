fromvars = ["a", { b = 1 }]
nn = null
fromauto = 1
