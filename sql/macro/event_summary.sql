-- event_summary: one factual sentence about an event.
-- function: event_summary(kind, entity, about, detail, start)
format(
    '{} at {} UTC.',
    case kind
        when 'node-boot' then format('Node {} booted', entity)
        when 'node-join' then format('Node {} joined the cluster', entity)
        when 'node-not-ready' then format('Node {} was not ready', entity)
        when 'node-ready' then format('Node {} was ready again', entity)
        when 'node-cordon' then format('Node {} was closed to new pods', entity)
        when 'node-uncordon' then format('Node {} was opened to new pods', entity)
        when 'leader-change' then format('The etcd member on {} took the lead', entity)
        when 'defragmentation' then format('The etcd member on {} began a defragmentation', entity)
        when 'ovn-restart' then format('OVN-Kubernetes on {} started anew', entity)
        when 'container-restart' then format('A container of {} restarted', about)
        when 'version-change' then format('The version of {} on {} changed from {}', about, entity, detail)
        when 'alert-firing' then format('Alert {} began to fire', about)
        when 'alert-resolved' then format('Alert {} fired no more', about)
        else format('{} of {}', kind, entity)
    end,
    strftime(start, '%Y-%m-%d %H:%M')
)
