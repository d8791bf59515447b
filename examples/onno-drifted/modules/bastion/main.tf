data "aws_ssm_parameter" "amazon_linux" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

resource "aws_instance" "bastion" {
  ami                    = data.aws_ssm_parameter.amazon_linux.value
  instance_type          = var.instance_type
  key_name               = var.key_name
  subnet_id              = var.subnet_id
  vpc_security_group_ids = [var.security_group_id]

  user_data = templatefile("${path.module}/templates/user_data.sh.tftpl", {
    domain_name = var.domain_name
    login_user  = "ec2-user"
  })

  metadata_options {
    http_tokens = "required"
  }

  root_block_device {
    volume_type = "gp3"
    volume_size = 8
    encrypted   = true
  }

  tags = { Name = "onno-bastion" }

  # A newer image must not replace the host during an unrelated change.
  lifecycle {
    ignore_changes = [ami]
  }
}

resource "aws_eip" "bastion" {
  domain   = "vpc"
  instance = aws_instance.bastion.id

  tags = { Name = "onno-bastion" }
}

resource "aws_route53_record" "bastion" {
  zone_id = var.zone_id
  name    = "bastion.${var.domain_name}"
  type    = "A"
  ttl     = 60
  records = [aws_eip.bastion.public_ip]
}
