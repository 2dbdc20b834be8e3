-- rule_reach_s: seconds that fct_bottleneck looks back, and so the longest for which a level is watched point by point. What
-- must last longer is a finding once its neighbouring hours, each of them broken through and through, add up to it.
-- function: rule_reach_s()
21600
