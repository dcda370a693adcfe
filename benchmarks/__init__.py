"""What the stages cost and how well they do, each figure beside a floor or a peer in the same run."""
