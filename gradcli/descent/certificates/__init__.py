"""What a point is, with a certificate: signs that are certain, boxes on whose sides f rises, curves on which it falls."""
