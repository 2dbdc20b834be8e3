-- objective_met: whether an objective is surely met (true) or surely missed (false) by a value known to lie between two
-- bounds; NULL where it lies between them, or there is none.
-- function: objective_met(objective, better, low, high)
case
    when objective is null or low is null or high is null or better = 'neither' then null
    when better = 'lower' and high <= objective then true
    when better = 'lower' and low >= objective and low < high then false
    when better = 'lower' and low > objective then false
    when better = 'higher' and low >= objective then true
    when better = 'higher' and high < objective then false
end
