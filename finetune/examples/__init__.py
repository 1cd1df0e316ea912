"""What is learned from: windows of sales, requests, retellings."""
