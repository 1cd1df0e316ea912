similar-items-title = products alike
similar-items-example = what is similar to bananas
similar-items-most = Most like { $product } is { $item }, likeness { $score } of 1.
similar-items-table = like { $product }
