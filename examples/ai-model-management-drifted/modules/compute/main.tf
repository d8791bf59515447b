data "aws_ami" "ubuntu" {
  most_recent = true
  owners      = ["099720109477"] # Canonical

  filter {
    name   = "name"
    values = ["ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-*"]
  }
}

resource "aws_instance" "backend" {
  for_each = var.servers

  ami                         = data.aws_ami.ubuntu.id
  instance_type               = var.instance_type
  subnet_id                   = each.value
  vpc_security_group_ids      = [var.group_id]
  associate_public_ip_address = false
  iam_instance_profile        = aws_iam_instance_profile.backend.name
  user_data                   = templatefile("${path.module}/templates/user_data.sh.tftpl", { host = each.key })

  root_block_device {
    volume_type = "gp3"
    volume_size = 40
    encrypted   = true
  }

  metadata_options {
    http_tokens = "required"
  }

  lifecycle {
    ignore_changes = [ami]
  }

  tags = {
    Name = each.key
    Role = "backend"
  }
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "backend" {
  name               = "staging-backend"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

# Sessions of operators and the inventory of packages come through Systems Manager; SSH stays closed.
resource "aws_iam_role_policy_attachment" "backend" {
  for_each = toset(["AmazonSSMManagedInstanceCore", "AmazonEC2ContainerRegistryReadOnly"])

  role       = aws_iam_role.backend.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}

resource "aws_iam_instance_profile" "backend" {
  name = "staging-backend"
  role = aws_iam_role.backend.name
}
