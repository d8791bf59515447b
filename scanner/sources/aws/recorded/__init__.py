"""What AWS Config has recorded of accounts, in the same names as the accounts themselves have them."""
