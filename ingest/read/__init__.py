"""What an item of a regulator says, read without a network, a model of anybody else's, or a guess that is not told as one."""
