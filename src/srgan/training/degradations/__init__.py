"""How a low-resolution picture is made from a high-resolution one while training."""
